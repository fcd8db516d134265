import { Button, Tabs } from '@mantine/core';
import { useState } from 'react';
import type { BenchRun } from '../../../../shared/contract/bench.ts';
import { isPartlyFailed } from '../../../../shared/units/job-outcome.ts';
import { verdictSummary } from '../../../../shared/units/verdict-text.ts';
import { useQuery } from '../../../live/use-query.ts';
import { runViews, type RunView } from '../../../router/route.ts';
import { useServices } from '../../../services-context.ts';
import { fromErrorPayload } from '../../../transport/problem.ts';
import { FailedState } from '../../../ui/failed-state.tsx';
import { Page } from '../../../ui/page.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { TrustBadge } from '../../../ui/trust-badge.tsx';
import { ComparisonView } from '../compare/comparison-view.tsx';
import { ReportMenu } from '../report/report-menu.tsx';
import { ServePickButton } from '../serve-pick-button.tsx';
import { useRunActions } from '../use-run-actions.ts';
import { CellTable } from './cell-table.tsx';
import { EnergyTable } from './energy-table.tsx';
import classes from './run-result.module.css';
import { RunSetup } from './run-setup.tsx';
import { RunTimeline } from './run-timeline.tsx';
import { SampleTable } from './sample-table.tsx';

const titles: Readonly<Record<RunView, string>> = {
  comparison: 'Comparison',
  measurements: 'Measurements',
  timeline: 'Timeline',
  samples: 'Raw samples',
  setup: 'Setup',
};

/** What became of the run, where it was not simply done. */
const Outcome = ({ run }: { readonly run: BenchRun }) => {
  const { resume } = useRunActions(run.id);
  const done = run.cells.filter((cell) => cell.state === 'done').length;
  const resumeButton = (
    <Button size="compact-sm" variant="default" onClick={() => resume.run()} loading={resume.isRunning}>
      Measure what is missing
    </Button>
  );
  if (run.state.type === 'failed') {
    return (
      <Panel title={isPartlyFailed(run.state) ? 'Part of the run failed' : 'The run failed'} isFlush>
        <FailedState problem={fromErrorPayload(run.state.error)} action={resumeButton} />
      </Panel>
    );
  }
  if (run.state.type !== 'cancelled' && run.state.type !== 'interrupted') return null;
  return (
    <div className={classes.partial} role="note">
      <span>
        This run was {run.state.type}. {done} of {run.cells.length} measurements are finished, and kept below.
      </span>
      {resumeButton}
    </div>
  );
};

/** A finished run: the sentence, the comparison, and everything behind it. */
export const RunResult = ({ run, view }: { readonly run: BenchRun; readonly view: RunView }) => {
  const { queries, router } = useServices();
  const [baseModelId, setBaseModelId] = useState<string | null>(null);
  const comparison = useQuery(queries.comparison([run.id], baseModelId));
  const pick = comparison.data?.pick ?? null;
  const sentence = pick?.sentence ?? verdictSummary(comparison.data?.verdicts ?? []);
  return (
    <Page
      title={run.name}
      aside={<TrustBadge trust={run.trust} />}
      lead={sentence === null ? undefined : <span className={classes.sentence}>{sentence}</span>}
      actions={
        <>
          <ReportMenu runIds={[run.id]} />
          <ServePickButton pick={pick} />
        </>
      }
    >
      <Outcome run={run} />
      <Tabs
        value={view}
        onChange={(value) => {
          const next = runViews.find((candidate) => candidate === value);
          if (next !== undefined) router.replace({ page: 'run', runId: run.id, view: next });
        }}
        keepMounted={false}
        classNames={{ panel: classes.panel ?? '' }}
      >
        <Tabs.List>
          {runViews.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {titles[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="comparison">
          <QueryView query={comparison} what="the comparison">
            {(data) => (
              <ComparisonView
                comparison={data}
                availableBytes={run.machine.memory.availableBytes}
                onBase={setBaseModelId}
              />
            )}
          </QueryView>
        </Tabs.Panel>
        <Tabs.Panel value="measurements">
          <Panel title="Every measurement" isFlush>
            <CellTable run={run} />
          </Panel>
          <EnergyTable run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="timeline">
          <RunTimeline run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="samples">
          <SampleTable run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="setup">
          <RunSetup run={run} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
};
