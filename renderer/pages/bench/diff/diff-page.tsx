import { useState } from 'react';
import type { DiffSide, ReportDiff } from '../../../../shared/contract/report.ts';
import { useAction } from '../../../live/use-action.ts';
import { useQuery } from '../../../live/use-query.ts';
import { formatRoute } from '../../../router/route.ts';
import { useServices } from '../../../services-context.ts';
import { LoadingState } from '../../../ui/loading-state.tsx';
import { Page } from '../../../ui/page.tsx';
import { DiffView } from '../compare/what-changed.tsx';
import { sourceOfFile } from '../report/source-of-file.ts';
import classes from './diff-page.module.css';
import { DiffSidePicker, type ChosenSide } from './diff-side-picker.tsx';

interface Sides {
  readonly a: ChosenSide | null;
  readonly b: ChosenSide | null;
}

const sideOf = async (side: ChosenSide): Promise<DiffSide> =>
  side.type === 'run' ? side : sourceOfFile(side.file, `dyno report diff ${side.file.name} OTHER`);

/** Two reports, also of other machines: what changed from A to B, then by how much. */
export const DiffPage = () => {
  const { client, queries } = useServices();
  const benchmarks = useQuery(queries.runs()).data ?? [];
  const loads = useQuery(queries.loads()).data ?? [];
  const runs = [...benchmarks, ...loads];
  const [sides, setSides] = useState<Sides>({ a: null, b: null });
  const [diff, setDiff] = useState<ReportDiff | null>(null);
  const compare = useAction(async (a: ChosenSide, b: ChosenSide) => {
    setDiff(null);
    setDiff(await client.reports.diff({ a: await sideOf(a), b: await sideOf(b) }));
  });
  const choose = (change: Partial<Sides>): void => {
    const next = { ...sides, ...change };
    setSides(next);
    if (next.a !== null && next.b !== null) compare.run(next.a, next.b);
  };
  return (
    <Page
      title="What changed"
      lead="Two reports, of benchmarks or of load runs, also from other machines: what differs between them, and then by how much."
      actions={<a href={formatRoute({ page: 'bench' })}>All runs</a>}
    >
      <div className={classes.sides}>
        <DiffSidePicker title="A" chosen={sides.a} runs={runs} onChoose={(a) => choose({ a })} />
        <DiffSidePicker title="B" chosen={sides.b} runs={runs} onChoose={(b) => choose({ b })} />
      </div>
      {compare.isRunning ? <LoadingState what="what changed" /> : null}
      {diff === null ? null : <DiffView diff={diff} />}
    </Page>
  );
};
