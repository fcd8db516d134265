/** A mark in the picture and the text that names it; pixels from the upper left. */
export interface LabelledMark {
  readonly x: number;
  readonly y: number;
  readonly radiusPx: number;
  readonly widthPx: number;
}

/** Middle of the text's left end. */
export interface LabelPlace {
  readonly x: number;
  readonly y: number;
}

export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const gapPx = 5.5;

const touches = (a: Area, b: Area): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Overlap of `box` with what is there already, in square pixels: the least bad place where none is free. */
const overlapOf = (box: Area, taken: readonly Area[]): number =>
  taken
    .filter((other) => touches(box, other))
    .reduce(
      (sum, other) =>
        sum +
        (Math.min(box.right, other.right) - Math.max(box.left, other.left)) *
          (Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top)),
      0,
    );

/** Right, left, then the corners, above and below: from what reads best to what still reads. */
const placesOf = ({ x, y, radiusPx, widthPx }: LabelledMark, heightPx: number): readonly LabelPlace[] => {
  const right = x + radiusPx + gapPx;
  const left = x - radiusPx - gapPx - widthPx;
  const rise = Math.max(radiusPx, heightPx);
  const above = y - radiusPx - heightPx * 0.7;
  const below = y + radiusPx + heightPx * 0.7;
  return [
    { x: right, y },
    { x: left, y },
    { x: right, y: y - rise },
    { x: right, y: y + rise },
    { x: left, y: y - rise },
    { x: left, y: y + rise },
    { x: x - widthPx / 2, y: above },
    { x: x - widthPx / 2, y: below },
  ];
};

/**
 * Where the names of marks stand so that none covers a mark or another name, as far as there is room: the first marks
 * choose first. O(n²) over a dozen marks.
 */
export const placeLabels = (
  marks: readonly LabelledMark[],
  heightPx: number,
  area: Area,
): readonly LabelPlace[] => {
  const taken: Area[] = marks.map(({ x, y, radiusPx }) => ({
    left: x - radiusPx,
    right: x + radiusPx,
    top: y - radiusPx,
    bottom: y + radiusPx,
  }));
  return marks.map((mark) => {
    const candidates = placesOf(mark, heightPx).map((place) => {
      const box = {
        left: place.x,
        right: place.x + mark.widthPx,
        top: place.y - heightPx / 2,
        bottom: place.y + heightPx / 2,
      };
      const isInside =
        box.left >= area.left && box.right <= area.right && box.top >= area.top && box.bottom <= area.bottom;
      return { place, box, cost: isInside ? overlapOf(box, taken) : Infinity };
    });
    const [first, ...others] = candidates;
    const best = others.reduce((one, other) => (other.cost < (one?.cost ?? Infinity) ? other : one), first);
    if (best === undefined) return { x: mark.x, y: mark.y };
    taken.push(best.box);
    return best.place;
  });
};
