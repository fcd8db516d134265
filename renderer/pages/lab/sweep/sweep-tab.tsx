import type { LabTabProps } from '../lab-tab-props.ts';
import { NewSweep } from './new-sweep.tsx';
import { SweepView } from './sweep-view.tsx';

/** Which engine settings make a model fastest here. */
export const SweepTab = ({ itemId }: LabTabProps) =>
  itemId === null ? <NewSweep /> : <SweepView sweepId={itemId} />;
