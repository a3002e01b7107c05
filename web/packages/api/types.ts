/** Provisional shapes until the schema is generated. */
export interface StageView {
  seq: number;
  at: string;
}
