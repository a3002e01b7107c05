/** Short names for the shapes of rehearsals. */
import type { components } from "@xinbo/api";

type Schemas = components["schemas"];

export type Begin = Schemas["Begin"];
export type CrowdProfile = Schemas["CrowdProfile"];
export type Drill = Schemas["Drill"];
export type DrillKind = Schemas["DrillKind"];
export type Rehearsal = Schemas["Rehearsal"];
export type Report = Schemas["RehearsalReport"];
export type ScorePart = Schemas["ScorePart"];
