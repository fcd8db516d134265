import { ActionIcon, Tooltip } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { formatGib } from '../../shared/units/format.ts';
import { modifierName } from '../actions/shortcut.ts';
import { useStore } from '../live/use-store.ts';
import { useQuery } from '../live/use-query.ts';
import { useServices } from '../services-context.ts';
import { JobChips } from './job-chips.tsx';
import { machineName } from './machine-name.ts';
import { ServingState } from './serving-state.tsx';
import classes from './status-bar.module.css';

/** Free memory as it is this second; a dash with no reading yet. */
const FreeMemory = ({ totalBytes }: { readonly totalBytes: number }) => {
  const { telemetry } = useServices();
  const sample = useStore(telemetry.latest);
  return (
    <span className={classes.item}>
      {formatGib(totalBytes)} GiB
      <span className="muted"> ({formatGib(sample?.memory.availableBytes)} free)</span>
    </span>
  );
};

const Machine = () => {
  const { queries } = useServices();
  const inventory = useQuery(queries.inventory());
  if (inventory.data === undefined) return <span className="muted">Looking at this machine…</span>;
  return (
    <>
      {machineName(inventory.data).map((part) => (
        <span key={part} className={classes.part}>
          {part}
        </span>
      ))}
      <FreeMemory totalBytes={inventory.data.memory.totalBytes} />
    </>
  );
};

/** Always true, always there: the machine, what it serves, what it is busy with. */
export const StatusBar = () => {
  const { dialogs } = useServices();
  return (
    <section className={classes.bar} aria-label="Status">
      <div className={classes.machine}>
        <Machine />
      </div>
      <div className={classes.live}>
        <JobChips />
        <ServingState />
        <Tooltip label={`All actions (${modifierName()}+K)`}>
          <ActionIcon onClick={() => dialogs.open({ type: 'palette' })} aria-label="Search all actions">
            <IconSearch size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </section>
  );
};
