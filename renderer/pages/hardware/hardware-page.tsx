import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useAction } from '../../live/use-action.ts';
import { useQuery } from '../../live/use-query.ts';
import { useServices } from '../../services-context.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { DoctorList } from './doctor-list.tsx';
import classes from './hardware-page.module.css';
import { InventoryView } from './inventory-view.tsx';
import { LiveReadings } from './live-readings.tsx';
import { NoiseFloorPanel } from './noise-floor-panel.tsx';
import { TelemetryChart } from './telemetry-chart.tsx';

/** What this machine has, what it does now, and what stands in its way. */
export const HardwarePage = () => {
  const { client, queries } = useServices();
  const inventory = useQuery(queries.inventory());
  const doctor = useQuery(queries.doctor());
  const look = useAction(async () => {
    await client.hardware.inventory({ refresh: true });
    queries.invalidate('hardware.');
  });
  return (
    <Page
      title="Hardware"
      actions={
        <Button
          variant="default"
          leftSection={<IconRefresh size={15} aria-hidden />}
          onClick={() => look.run()}
          loading={look.isRunning}
        >
          Look again
        </Button>
      }
    >
      <LiveReadings />
      <div className={classes.columns}>
        <Panel title="Inventory">
          <QueryView query={inventory} what="the hardware">
            {(data) => <InventoryView inventory={data} />}
          </QueryView>
        </Panel>
        <Panel title="Last five minutes">
          <QueryView query={inventory} what="the hardware">
            {(data) => <TelemetryChart gpus={data.gpus} />}
          </QueryView>
        </Panel>
      </div>
      <NoiseFloorPanel />
      <Panel title="Doctor" isFlush>
        <QueryView query={doctor} what="the checks">
          {(checks) => <DoctorList checks={checks} />}
        </QueryView>
      </Panel>
    </Page>
  );
};
