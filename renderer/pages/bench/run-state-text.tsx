import {
  IconAlertCircle,
  IconCircle,
  IconCircleCheck,
  IconCircleMinus,
  IconPlayerPause,
  IconProgress,
} from '@tabler/icons-react';
import type { JobState } from '../../../shared/contract/common.ts';
import { stateWord } from '../../../shared/units/job-outcome.ts';
import { formatEta, formatFraction } from '../../../shared/units/format.ts';
import classes from './run-state-text.module.css';

const icons = {
  queued: IconCircle,
  running: IconProgress,
  paused: IconPlayerPause,
  done: IconCircleCheck,
  failed: IconAlertCircle,
  cancelled: IconCircleMinus,
  interrupted: IconCircleMinus,
} as const;

const words = (state: JobState): string => {
  switch (state.type) {
    case 'queued':
      return 'waiting';
    case 'running':
      return `${formatFraction(state.fraction)}, ${formatEta(state.etaMs)}`;
    case 'paused':
    case 'done':
    case 'failed':
    case 'cancelled':
    case 'interrupted':
      return stateWord(state);
    default:
      return state satisfies never;
  }
};

/** A run's state as a shape, a word and a colour. */
export const RunStateText = ({ state }: { readonly state: JobState }) => {
  const Icon = icons[state.type];
  return (
    <span className={classes.state} data-state={state.type}>
      <Icon size={15} stroke={1.8} aria-hidden />
      {words(state)}
    </span>
  );
};
