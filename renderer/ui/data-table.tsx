import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { sortRows, type Sorting } from './sort-rows.ts';
import classes from './data-table.module.css';

export interface Column<Row> {
  readonly id: string;
  /** Plain words: the sort button's label, and the head where `head` gives nothing richer. */
  readonly title: string;
  readonly head?: ReactNode;
  /** Figures stand right, words left. */
  readonly isNumeric?: boolean;
  readonly render: (row: Row) => ReactNode;
  /** Makes the column sortable. `null` always sorts last. */
  readonly sortBy?: (row: Row) => number | string | null;
  /** The cell that names the row for screen readers. */
  readonly isRowHeader?: boolean;
  /** Gives way where the table has little room; only for what also stands elsewhere. */
  readonly isSpare?: boolean;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly initialSorting?: Sorting;
  /** Marks of a row for the eye: `base`, `dominated`, `pick`, `selected`, `problem`. */
  readonly rowMark?: (row: Row) => string | undefined;
  /** Needs more room than others for all its columns, so its spare ones give way earlier. */
  readonly isCrowded?: boolean;
}

/** From here on a table has no room for figures with their spread beside them. */
const MANY_COLUMNS = 8;

/**
 * The one table: sortable by its heads, figures right-aligned and tabular. When narrow, one of many columns moves closer
 * together and sets spreads under their figures; what is still too wide scrolls inside itself.
 */
export const DataTable = <Row,>(props: DataTableProps<Row>) => {
  const { label, columns, rows, rowKey, initialSorting, rowMark, isCrowded = false } = props;
  const [sorting, setSorting] = useState<Sorting | undefined>(initialSorting);
  const sorted = sortRows(rows, columns, sorting);

  const turn = (id: string): void =>
    setSorting((before) =>
      before?.columnId === id
        ? { columnId: id, isDescending: !before.isDescending }
        : { columnId: id, isDescending: false },
    );

  return (
    <div
      className={classes.scroller}
      role="group"
      aria-label={label}
      tabIndex={0}
      data-many={columns.length >= MANY_COLUMNS}
      data-crowded={isCrowded}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column) => {
              const isSorted = sorting?.columnId === column.id;
              const direction = sorting?.isDescending === true ? 'descending' : 'ascending';
              return (
                <th
                  key={column.id}
                  scope="col"
                  data-numeric={column.isNumeric === true}
                  data-spare={column.isSpare === true}
                  {...(isSorted ? { 'aria-sort': direction } : {})}
                >
                  <span className={classes.head}>
                    {column.head ??
                      (column.title === '' ? <span className="spoken-only">Actions</span> : column.title)}
                    {column.sortBy === undefined ? null : (
                      <button
                        type="button"
                        className={classes.sort}
                        data-active={isSorted}
                        aria-label={`Sort by ${column.title}`}
                        onClick={() => turn(column.id)}
                      >
                        {isSorted && direction === 'ascending' ? (
                          <IconArrowUp size={13} aria-hidden />
                        ) : (
                          <IconArrowDown size={13} aria-hidden />
                        )}
                      </button>
                    )}
                  </span>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={rowKey(row)} data-mark={rowMark?.(row)}>
              {columns.map((column) =>
                column.isRowHeader === true ? (
                  <th key={column.id} scope="row" data-numeric={column.isNumeric === true}>
                    {column.render(row)}
                  </th>
                ) : (
                  <td
                    key={column.id}
                    data-numeric={column.isNumeric === true}
                    data-spare={column.isSpare === true}
                  >
                    {column.render(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
