/** When refused clients were told to come back, and for how much: those that come later are told of a later moment. */
export interface ToldTimes {
  /** Units of all that were told of a moment still to come. */
  unitsAhead(nowMs: number): number;
  add(atMs: number, units: number): void;
}

/** A flood of refusals must not fill the memory; times past this many are told, and not remembered. */
const MOST = 1024;

export const createToldTimes = (): ToldTimes => {
  let told: readonly { readonly atMs: number; readonly units: number }[] = [];
  return {
    unitsAhead: (nowMs) => {
      if (told.length === 0) return 0;
      told = told.filter(({ atMs }) => atMs > nowMs);
      return told.reduce((sum, { units }) => sum + units, 0);
    },
    add: (atMs, units) => {
      if (told.length < MOST) told = [...told, { atMs, units }];
    },
  };
};
