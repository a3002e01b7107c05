/// <reference types="vite/client" />
import "vue-router";

declare module "vue-router" {
  interface RouteMeta {
    /** Stands in the tab bar. */
    tab?: boolean;
    /** Fills the screen by itself, without our bars. */
    bare?: boolean;
    /** Only for those who are signed in. */
    shopper?: boolean;
  }
}
