import type { LoadRun, LoadSummary } from '../../../../shared/contract/load.ts';
import { stageFacts } from '../../../../shared/units/load-facts.ts';
import { KeyValues } from '../../../ui/key-values.tsx';

interface StageFactsProps {
  readonly run: LoadRun;
  readonly summary: LoadSummary;
}

/** What belongs beside the percentiles: lengths, schedule, errors, the server’s own times. */
export const StageFacts = ({ run, summary }: StageFactsProps) => (
  <KeyValues items={stageFacts(run, summary)} />
);
