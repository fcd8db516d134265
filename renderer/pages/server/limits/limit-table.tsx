import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ApiKey } from '../../../../shared/contract/keys.ts';
import type { Limits, LimitUse } from '../../../../shared/contract/limits.ts';
import { useAction } from '../../../live/use-action.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import accessClasses from '../access/access.module.css';
import { limitProblems, readLimits, writeLimits, type LimitTexts } from '../access/limit-texts.ts';
import { LimitCell } from './limit-cell.tsx';
import { findUse, type LimitRow } from './limit-rows.ts';
import classes from './limits.module.css';
import { useSaveLimits } from './use-save-limits.ts';

const kinds: readonly (readonly [name: keyof Limits, resource: LimitUse['resource'], title: string])[] = [
  ['requestsPerMinute', 'requests', 'Requests a minute'],
  ['tokensPerMinute', 'tokens', 'Tokens a minute'],
  ['concurrency', 'concurrency', 'Requests at once'],
];

interface Draft {
  readonly rowId: string;
  readonly texts: LimitTexts;
}

interface LimitTableProps {
  readonly rows: readonly LimitRow[];
  readonly uses: readonly LimitUse[];
  readonly keys: readonly ApiKey[];
}

/** All limits with what is used of each now; a row turns into fields where it is edited. */
export const LimitTable = ({ rows, uses, keys }: LimitTableProps) => {
  const [draft, setDraft] = useState<Draft | null>(null);
  const write = useSaveLimits(keys);
  const save = useAction(async (row: LimitRow, limits: Limits) => {
    await write(row.owner, limits);
    setDraft(null);
  });
  const draftOf = (row: LimitRow): LimitTexts | undefined =>
    draft?.rowId === row.id ? draft.texts : undefined;

  const columns: readonly Column<LimitRow>[] = [
    {
      id: 'owner',
      title: 'Of',
      isRowHeader: true,
      render: ({ title, note }) => (
        <>
          {title}
          <div className={accessClasses.sub}>{note}</div>
        </>
      ),
    },
    ...kinds.map(([name, resource, title]): Column<LimitRow> => ({
      id: name,
      title,
      isNumeric: true,
      render: (row) => {
        const texts = draftOf(row);
        if (texts === undefined)
          return <LimitCell limit={row.limits[name]} use={findUse(uses, row, resource)} />;
        return (
          <TextInput
            size="xs"
            aria-label={`${title} of ${row.title}`}
            placeholder="no limit"
            inputMode="numeric"
            value={texts[name]}
            error={limitProblems(texts)[name]}
            onChange={(event) =>
              setDraft({ rowId: row.id, texts: { ...texts, [name]: event.currentTarget.value } })
            }
          />
        );
      },
    })),
    {
      id: 'acts',
      title: '',
      render: (row) => {
        const texts = draftOf(row);
        if (texts === undefined)
          return (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Edit limits of ${row.title}`}
              onClick={() => setDraft({ rowId: row.id, texts: writeLimits(row.limits) })}
            >
              Edit
            </Button>
          );
        const limits = readLimits(texts);
        return (
          <span className={classes.acts}>
            <Button
              size="compact-xs"
              disabled={limits === undefined}
              loading={save.isRunning}
              onClick={() => {
                if (limits !== undefined) save.run(row, limits);
              }}
            >
              Save
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setDraft(null)}>
              Cancel
            </Button>
          </span>
        );
      },
    },
  ];
  return <DataTable label="Limits" columns={columns} rows={rows} rowKey={({ id }) => id} />;
};
