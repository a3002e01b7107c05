import { readonly, ref } from "vue";

export type Theme = "auto" | "light" | "dark";

const KEPT = "xinbo.theme";
const theme = ref<Theme>(kept());

/** The light or dark theme of this device; `auto` follows the system. */
export function useTheme() {
  function setTheme(next: Theme): void {
    theme.value = next;
    try {
      localStorage.setItem(KEPT, next);
    } catch {
      // Nothing to keep it in: the choice lasts as long as the page.
    }
    applyTheme();
  }
  return { theme: readonly(theme), setTheme };
}

/** Put the chosen theme on the document; call once before mounting. */
export function applyTheme(): void {
  const root = document.documentElement;
  if (theme.value === "auto") root.removeAttribute("data-theme");
  else root.dataset.theme = theme.value;
}

function kept(): Theme {
  try {
    const value = localStorage.getItem(KEPT);
    return value === "light" || value === "dark" ? value : "auto";
  } catch {
    return "auto";
  }
}
