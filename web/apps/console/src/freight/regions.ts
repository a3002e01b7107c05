/** China's provinces and their cities; the data loads when first asked for. */
export interface Province {
  name: string;
  cities: string[];
}

let loading: Promise<Province[]> | undefined;

export function loadProvinces(): Promise<Province[]> {
  loading ??= import("@vant/area-data").then(({ areaList }) =>
    Object.entries(areaList.province_list).map(([code, name]) => ({
      name,
      cities: Object.entries(areaList.city_list).filter(([key]) => key.startsWith(code.slice(0, 2))).map(([, city]) => city),
    })),
  ).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Whether a place is chosen: by itself, or with its whole province. */
export const covers = (places: readonly (readonly string[])[], place: readonly string[]) =>
  places.some((each) => each.every((name, at) => name === place[at]));

/** Places with one more or one fewer; a whole province takes the place of its cities. */
export function toggled(places: readonly (readonly string[])[], place: readonly string[], on: boolean): string[][] {
  const rest = places.filter((each) => !place.every((name, at) => name === each[at])).map((each) => [...each]);
  return on ? [...rest, [...place]] : rest;
}
