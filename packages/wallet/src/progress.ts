/** How far a long work has come. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}
