import type { Cell, Trust } from '../../../shared/contract/bench.ts';
import type { TrustReason } from './reason.ts';

const rank = { green: 0, amber: 1, red: 2 } as const;

/** The badge of one cell: the worst level, reasons with the worst first. No reason is green. */
export const trustOf = (reasons: readonly TrustReason[]): Trust => {
  const sorted = reasons.toSorted((a, b) => rank[b.level] - rank[a.level]);
  return { level: sorted[0]?.level ?? 'green', reasons: sorted };
};

/**
 * The badge over several cells (an empty name leaves the model out): per signal the worst cell's reason, with the cell's name and how many others share it.
 * `null` while no cell is judged.
 */
export const combineTrust = (
  cells: readonly Pick<Cell, 'modelId' | 'test' | 'trust'>[],
  nameOf: (modelId: string) => string,
): Trust | null => {
  const judged = cells.flatMap((cell) => (cell.trust === null ? [] : [{ ...cell, trust: cell.trust }]));
  if (judged.length === 0) return null;
  const all = judged.flatMap((cell) =>
    cell.trust.reasons.map((reason) => ({ reason, where: `${nameOf(cell.modelId)} ${cell.test}`.trim() })),
  );
  const reasons = [...Map.groupBy(all, ({ reason }) => reason.signal).values()].flatMap((same) => {
    const [first] = same.toSorted((a, b) => rank[b.reason.level] - rank[a.reason.level]);
    if (first === undefined) return [];
    const isEverywhere = new Set(same.map(({ reason }) => reason.message)).size === 1;
    const places = new Set(same.map(({ where }) => where)).size;
    const place = isEverywhere && places > 1 ? '' : `${first.where}: `;
    const others = isEverywhere || places === 1 ? '' : ` (${places} of ${judged.length} cells)`;
    return [{ ...first.reason, message: `${place}${first.reason.message}${others}` }];
  });
  return trustOf(reasons);
};
