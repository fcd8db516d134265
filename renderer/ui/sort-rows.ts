export interface Sorting {
  readonly columnId: string;
  readonly isDescending: boolean;
}

interface Sortable<Row> {
  readonly id: string;
  readonly sortBy?: ((row: Row) => number | string | null) | undefined;
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const compare = (left: number | string, right: number | string): number =>
  typeof left === 'number' && typeof right === 'number'
    ? left - right
    : byName.compare(String(left), String(right));

/** The rows in the asked order; unknown values stand last in both directions, equals keep their order. */
export const sortRows = <Row>(
  rows: readonly Row[],
  columns: readonly Sortable<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] => {
  const sortBy = columns.find((column) => column.id === sorting?.columnId)?.sortBy;
  if (sorting === undefined || sortBy === undefined) return rows;
  return rows.toSorted((left, right) => {
    const [a, b] = [sortBy(left), sortBy(right)];
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return sorting.isDescending ? compare(b, a) : compare(a, b);
  });
};
