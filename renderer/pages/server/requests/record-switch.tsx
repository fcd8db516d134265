import { Switch, Tooltip } from '@mantine/core';
import { useAction } from '../../../live/use-action.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';

/** Keeps what requests say while it is on; off forgets it. */
export const RecordSwitch = () => {
  const { client, queries } = useServices();
  const status = useQuery(queries.recording());
  const turn = useAction(async (isOn: boolean) => {
    await client.recording.turn({ isOn });
    queries.invalidate('recording.');
  });
  const limit = status.data?.limit ?? 0;
  return (
    <Tooltip
      multiline
      w={280}
      label={`Keeps prompts and answers of the newest ${limit} requests in memory, never on disk. Off forgets them. Each turn is in the audit log.`}
    >
      <Switch
        size="xs"
        label="Record"
        aria-label="Record what requests say"
        checked={status.data?.isOn === true}
        disabled={status.data === undefined || turn.isRunning}
        onChange={(event) => turn.run(event.currentTarget.checked)}
      />
    </Tooltip>
  );
};
