/** China's provinces, cities and districts as a tree of choices; the data loads when first asked for. */
export interface Region {
  value: string;
  label: string;
}
export interface Regions {
  provinces: Region[];
  cities: (province: string) => Region[];
  districts: (city: string) => Region[];
  /** Names from the widest to the narrowest, for codes. */
  names: (province: string, city: string, district: string) => string[];
  /** Codes for names, as far as they are known. */
  codes: (names: readonly string[]) => [string, string, string];
}

let loading: Promise<Regions> | undefined;

export function loadRegions(): Promise<Regions> {
  loading ??= import("@vant/area-data").then(({ areaList }) => treeOf(areaList)).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

interface AreaList {
  province_list: Record<string, string>;
  city_list: Record<string, string>;
  county_list: Record<string, string>;
}

export function treeOf(list: AreaList): Regions {
  const listed = (names: Record<string, string>, prefix: string): Region[] =>
    Object.entries(names)
      .filter(([code]) => code.startsWith(prefix))
      .map(([value, label]) => ({ value, label }));
  const provinces = listed(list.province_list, "");
  const cities = (province: string) => (province ? listed(list.city_list, province.slice(0, 2)) : []);
  const districts = (city: string) => (city ? listed(list.county_list, city.slice(0, 4)) : []);
  const codeOf = (regions: Region[], name: string | undefined) => regions.find(({ label }) => label === name)?.value ?? "";
  return {
    provinces,
    cities,
    districts,
    names: (province, city, district) => [list.province_list[province], list.city_list[city], list.county_list[district]].filter((name) => name !== undefined),
    codes: (names) => {
      const province = codeOf(provinces, names[0]);
      const city = codeOf(cities(province), names[1]);
      return [province, city, codeOf(districts(city), names[2])];
    },
  };
}
