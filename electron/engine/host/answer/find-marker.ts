export interface MarkerMatch {
  /** First character of the match, or of what may become one. */
  readonly index: number;
  /** The complete marker; `undefined`: only the beginning of one is there, at the end of the text. */
  readonly marker: string | undefined;
}

/** Length of the longest end of `text` that begins `marker` without being all of it. */
const partialLength = (text: string, marker: string): number => {
  for (let length = Math.min(text.length, marker.length - 1); length > 0; length -= 1)
    if (text.endsWith(marker.slice(0, length))) return length;
  return 0;
};

/**
 * The earliest of `markers` in `text`, else where a marker may be beginning at its end. `index` = `text.length`:
 * nothing to wait for.
 */
export const findMarker = (text: string, markers: readonly string[]): MarkerMatch => {
  let best: MarkerMatch = { index: text.length, marker: undefined };
  for (const marker of markers) {
    const index = text.indexOf(marker);
    if (index < 0 || index > best.index) continue;
    // of two at one place the longer: `</s>` and `</s><x>` are different stops
    if (index < best.index || best.marker === undefined || marker.length > best.marker.length)
      best = { index, marker };
  }
  if (best.marker !== undefined) return best;
  const held = Math.max(0, ...markers.map((marker) => partialLength(text, marker)));
  return { index: text.length - held, marker: undefined };
};
