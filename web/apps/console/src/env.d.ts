/// <reference types="vite/client" />
import "vue-router";
import type { Can } from "./types";

declare module "vue-router" {
  interface RouteMeta {
    /** Fills the screen by itself, without our frame. */
    bare?: boolean;
    /** Open to those who are not signed in. */
    open?: boolean;
    /** What the role must include. */
    can?: Can;
    /** The words for the window's title. */
    title?: string;
  }
}
