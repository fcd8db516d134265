import { SegmentedControl, Select } from '@mantine/core';
import { useState } from 'react';
import type { Comparison } from '../../../../shared/contract/bench.ts';
import type { FullComparison } from '../../../../shared/contract/imports.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { ComparisonTable } from './comparison-table.tsx';
import { comparisonCsv, comparisonMarkdown } from './comparison-text.ts';
import { ImportedRows } from '../imported/imported-rows.tsx';
import classes from './comparison-view.module.css';
import { KldSpeedFigure } from './kld-speed-figure.tsx';
import { SpeedSizeFigure } from './speed-size-figure.tsx';
import { VerdictTable } from './verdict-table.tsx';
import { nameOfRow } from './row-name.ts';

/** From here on every column has room. */
const WIDE_PX = 2300;

interface ComparisonViewProps {
  readonly comparison: Comparison & Partial<FullComparison>;
  /** Free memory of the measured machine, for the dashed line; `null` over several machines. */
  readonly availableBytes: number | null;
  readonly onBase: (modelId: string) => void;
}

/** Table and chart of a comparison: which file, how fast, how large, how sure. */
export const ComparisonView = ({ comparison, availableBytes, onBase }: ComparisonViewProps) => {
  const { rows, differences, verdicts, noiseFloor, imported = [] } = comparison;
  const [showsAll, setShowsAll] = useState(() => window.innerWidth >= WIDE_PX);
  if (rows.length === 0 && imported.length > 0) return <ImportedRows rows={imported} />;
  if (rows.every((row) => row.decodeTps === null && row.prefillTps === null))
    return <EmptyState text="No measurement has finished, so there is nothing to compare." />;
  const base = rows.find((row) => row.isBase);
  return (
    <>
      {differences.length === 0 ? null : (
        <div className={classes.differences} role="note">
          <p>These results were made under different conditions, so read across with care:</p>
          <ul>
            {differences.map((difference) => (
              <li key={difference}>{difference}</li>
            ))}
          </ul>
        </div>
      )}
      {imported.length === 0 ? null : <ImportedRows rows={imported} />}
      <div className={classes.columns}>
        <Panel
          title="Files side by side"
          isFlush
          className={classes.table}
          actions={
            <>
              <SegmentedControl
                size="xs"
                aria-label="Columns"
                data={[
                  { value: 'key', label: 'Key figures' },
                  { value: 'all', label: 'All figures' },
                ]}
                value={showsAll ? 'all' : 'key'}
                onChange={(value) => setShowsAll(value === 'all')}
              />
              {rows.length < 2 ? null : (
                <Select
                  size="xs"
                  w="11rem"
                  aria-label="Base of the comparison"
                  data={[...new Map(rows.map((row) => [row.modelId, `base: ${nameOfRow(row)}`]))].map(
                    ([value, label]) => ({ value, label }),
                  )}
                  value={base?.modelId ?? null}
                  onChange={(value) => {
                    if (value !== null) onBase(value);
                  }}
                />
              )}
              <CopyButton text={comparisonMarkdown(rows)} what="table as Markdown" label="Markdown" />
              <CopyButton text={comparisonCsv(rows)} what="table as CSV" label="CSV" />
            </>
          }
        >
          <ComparisonTable rows={rows} pick={comparison.pick} showsAll={showsAll} />
        </Panel>
        {rows.some((row) => row.decodeTps !== null && row.quality !== null) ? (
          <Panel title="Speed against quality" className={classes.chart}>
            <KldSpeedFigure comparison={comparison} availableBytes={availableBytes} />
          </Panel>
        ) : rows.some((row) => row.decodeTps !== null) ? (
          <Panel title="Speed against size" className={classes.chart}>
            <SpeedSizeFigure comparison={comparison} availableBytes={availableBytes} />
          </Panel>
        ) : null}
      </div>
      {verdicts.length === 0 ? null : (
        <Panel
          title={`Metric by metric against ${base === undefined ? 'the base' : nameOfRow(base)}`}
          isFlush
        >
          <VerdictTable verdicts={verdicts} noiseFloor={noiseFloor} />
        </Panel>
      )}
    </>
  );
};
