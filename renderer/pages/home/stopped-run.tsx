import { Button } from '@mantine/core';
import type { RunSummary } from '../../../shared/contract/bench.ts';
import { isPartlyFailed } from '../../../shared/units/job-outcome.ts';
import { Panel } from '../../ui/panel.tsx';
import { useRunActions } from '../bench/use-run-actions.ts';

const causes: Readonly<Partial<Record<RunSummary['state']['type'], string>>> = {
  cancelled: 'was cancelled',
  interrupted: 'was cut off when Dyno ended',
  failed: 'failed',
};

/** A comparison that did not come to its end: what is there of it, and the way on. Nothing for any other run. */
export const StoppedRun = ({ run }: { readonly run: RunSummary }) => {
  const { resume } = useRunActions(run.id);
  const cause = isPartlyFailed(run.state) ? 'failed in part' : causes[run.state.type];
  if (cause === undefined) return null;
  const made = run.makes.filter((make) => make.state.type === 'made').length;
  return (
    <Panel
      title={`${run.name} ${cause}`}
      actions={
        <Button variant="default" onClick={() => resume.run()} loading={resume.isRunning}>
          Go on
        </Button>
      }
    >
      <p>
        {made} of {run.makes.length} files are made and {run.cellsDone} of {run.cellsTotal} measurements are
        kept. Go on does the rest.
        {run.state.type === 'failed' ? ` ${run.state.error.message}` : ''}
      </p>
    </Panel>
  );
};
