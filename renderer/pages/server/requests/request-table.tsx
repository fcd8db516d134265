import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX, IconZoomScan } from '@tabler/icons-react';
import type { ServerRequest } from '../../../../shared/contract/server.ts';
import { formatCount, formatFigure } from '../../../../shared/units/format.ts';
import { useAction } from '../../../live/use-action.ts';
import { useLive } from '../../../live/use-live.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { MetricName } from '../../../ui/metric-name.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import { RecordSwitch } from './record-switch.tsx';
import { RequestStatus } from './request-status.tsx';
import classes from './request-table.module.css';
import { decodeMsOf, isActive, prefillMsOf } from './request-times.ts';

const CancelButton = ({ request }: { readonly request: ServerRequest }) => {
  const { client } = useServices();
  const cancel = useAction(async () => {
    await client.server.cancelRequest({ requestId: request.id });
  });
  return isActive(request) ? (
    <Tooltip label="Cancel this request">
      <ActionIcon
        size="sm"
        onClick={() => cancel.run()}
        loading={cancel.isRunning}
        aria-label={`Cancel request ${request.id}`}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </Tooltip>
  ) : null;
};

const InspectButton = ({ request }: { readonly request: ServerRequest }) => {
  const { dialogs } = useServices();
  return (
    <Tooltip label="Look into this request">
      <ActionIcon
        size="sm"
        onClick={() => dialogs.open({ type: 'request', requestId: request.id })}
        aria-label={`Look into request ${request.id}`}
      >
        <IconZoomScan size={14} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
};

/** A column of a time in milliseconds that is not known before the request came so far. */
const time = (
  id: string,
  title: string,
  of: (request: ServerRequest) => number | null,
  reason: string,
  isSpare = false,
): Column<ServerRequest> => ({
  id,
  isSpare,
  title: `${title}, ms`,
  isNumeric: true,
  render: (request) => {
    const ms = of(request);
    return ms === null ? <Unknown reason={reason} /> : formatFigure(ms);
  },
  sortBy: of,
});

const columns: readonly Column<ServerRequest>[] = [
  {
    id: 'at',
    title: 'Time',
    isRowHeader: true,
    render: (request) => new Date(request.atMs).toLocaleTimeString('en-GB'),
    sortBy: (request) => -request.atMs,
  },
  {
    id: 'key',
    title: 'Key',
    render: ({ keyName }) => keyName ?? <Unknown reason="it came without one" />,
    sortBy: ({ keyName }) => keyName,
  },
  {
    id: 'route',
    title: 'Route',
    isSpare: true,
    render: (request) => <span className="mono">{request.route}</span>,
  },
  {
    id: 'phase',
    title: 'Phase',
    render: (request) => (
      <span className={classes.phase} data-phase={request.phase}>
        {request.phase}
      </span>
    ),
    sortBy: (request) => request.phase,
  },
  {
    id: 'prompt',
    title: 'Prompt',
    isNumeric: true,
    render: ({ promptTokens }) =>
      promptTokens === null ? (
        <Unknown reason="the prompt has not been read yet" />
      ) : (
        formatCount(promptTokens)
      ),
    sortBy: ({ promptTokens }) => promptTokens,
  },
  {
    id: 'cached',
    title: 'Cached',
    isNumeric: true,
    render: ({ cachedTokens }) =>
      cachedTokens === null ? (
        <Unknown reason="the prompt has not been read yet" />
      ) : (
        formatCount(cachedTokens)
      ),
    sortBy: ({ cachedTokens }) => cachedTokens,
  },
  {
    id: 'output',
    title: 'Output',
    isNumeric: true,
    render: (request) => formatCount(request.outputTokens),
    sortBy: (request) => request.outputTokens,
  },
  time('queue', 'Queue', ({ queueMs }) => queueMs, 'the engine has not begun on it'),
  time('prefill', 'Prefill', prefillMsOf, 'no token yet', true),
  {
    id: 'ttft',
    title: 'TTFT',
    head: <MetricName metric="ttftMs" withUnit />,
    isNumeric: true,
    render: (request) =>
      request.ttftMs === null ? <Unknown reason="no token yet" /> : formatFigure(request.ttftMs),
    sortBy: (request) => request.ttftMs,
  },
  time('decode', 'Decode', decodeMsOf, 'still running, or no token came', true),
  {
    id: 'tps',
    title: 'Speed',
    head: <MetricName metric="apiDecodeTps" label="Speed" withUnit />,
    isNumeric: true,
    render: (request) =>
      request.tokensPerSecond === null ? (
        <Unknown reason="needs at least two tokens" />
      ) : (
        formatFigure(request.tokensPerSecond)
      ),
    sortBy: (request) => request.tokensPerSecond,
  },
  time('total', 'Total', ({ totalMs }) => totalMs, 'still running'),
  {
    id: 'status',
    title: 'Status',
    render: (request) => <RequestStatus request={request} />,
    sortBy: ({ status }) => status,
  },
  {
    id: 'acts',
    title: '',
    render: (request) => (
      <span className={classes.acts}>
        <InspectButton request={request} />
        <CancelButton request={request} />
      </span>
    ),
  },
];

/** The server's traffic as it happens. Prompts are never in it. */
export const RequestTable = () => {
  const requests = useLive('requests');
  const server = useLive('server');
  return (
    <Panel title="Requests" isFlush actions={<RecordSwitch />}>
      {requests.length === 0 ? (
        <EmptyState
          text={
            server.type === 'on'
              ? 'No request yet. Run a snippet, or say something in the playground.'
              : 'Requests appear here as soon as the server is on.'
          }
        />
      ) : (
        <DataTable
          label="Requests"
          columns={columns}
          rows={requests.slice(0, 50)}
          rowKey={(request) => request.id}
          isCrowded
        />
      )}
    </Panel>
  );
};
