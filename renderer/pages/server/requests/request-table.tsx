import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
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
import classes from './request-table.module.css';

const isActive = (request: ServerRequest): boolean =>
  request.phase === 'queued' || request.phase === 'prefill' || request.phase === 'decode';

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

const outcome = (request: ServerRequest): string =>
  request.errorCode ?? request.finishReason ?? (request.status === null ? '' : String(request.status));

const columns: readonly Column<ServerRequest>[] = [
  {
    id: 'at',
    title: 'Time',
    isRowHeader: true,
    render: (request) => new Date(request.atMs).toLocaleTimeString('en-GB'),
    sortBy: (request) => -request.atMs,
  },
  { id: 'route', title: 'Route', render: (request) => <span className="mono">{request.route}</span> },
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
    title: 'Prompt tokens',
    isNumeric: true,
    render: (request) =>
      request.promptTokens === null ? (
        <Unknown reason="the prompt has not been read yet" />
      ) : (
        <span title={request.cachedTokens === null ? '' : `${request.cachedTokens} from the cache`}>
          {formatCount(request.promptTokens)}
        </span>
      ),
    sortBy: (request) => request.promptTokens,
  },
  {
    id: 'output',
    title: 'Output tokens',
    isNumeric: true,
    render: (request) => formatCount(request.outputTokens),
    sortBy: (request) => request.outputTokens,
  },
  {
    id: 'ttft',
    title: 'TTFT',
    head: <MetricName metric="ttftMs" withUnit />,
    isNumeric: true,
    render: (request) =>
      request.ttftMs === null ? <Unknown reason="no token yet" /> : formatFigure(request.ttftMs),
    sortBy: (request) => request.ttftMs,
  },
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
  {
    id: 'total',
    title: 'Total, ms',
    isNumeric: true,
    render: (request) =>
      request.totalMs === null ? <Unknown reason="still running" /> : formatFigure(request.totalMs),
    sortBy: (request) => request.totalMs,
  },
  { id: 'outcome', title: 'Ended by', render: outcome },
  { id: 'cancel', title: '', render: (request) => <CancelButton request={request} /> },
];

/** The server's traffic as it happens. Prompts are never in it. */
export const RequestTable = () => {
  const requests = useLive('requests');
  const server = useLive('server');
  return (
    <Panel title="Requests" isFlush>
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
        />
      )}
    </Panel>
  );
};
