import { alertDetail, alertTitle } from '../shared/units/budget-text.ts';
import { createDialogs, type Dialogs } from './live/dialogs.ts';
import { createLiveFeed, type LiveFeed } from './live/live-state.ts';
import { createNotices, type Notices } from './live/notices.ts';
import { createQueries, type Queries } from './live/queries.ts';
import { createTelemetryFeed, type TelemetryFeed } from './live/telemetry-feed.ts';
import { createRouter, type Router } from './router/router.ts';
import { createClient, type Client } from './transport/client.ts';
import { createConnection, type Connection, type Dial } from './transport/connection.ts';

/** All that screens need beside React. Built once, in main.tsx. */
export interface Services {
  readonly client: Client;
  readonly connection: Connection;
  readonly live: LiveFeed;
  readonly telemetry: TelemetryFeed;
  readonly queries: Queries;
  readonly notices: Notices;
  readonly dialogs: Dialogs;
  readonly router: Router;
}

const after = (ms: number, act: () => void): (() => void) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

/** Which answers an event makes old. */
const staleAfter: Readonly<Record<string, readonly string[]>> = {
  // a plan says whether its file is there, and how much room is left
  'model.added': ['models.', 'synth.plan'],
  'model.changed': ['models.'],
  'model.removed': ['models.', 'synth.plan'],
  'bench.started': ['bench.'],
  'bench.make-changed': ['bench.'],
  'bench.judge-changed': ['bench.'],
  'bench.cell-finished': ['bench.list'],
  'bench.ended': ['bench.'],
  'quality.judged': ['quality.'],
  'sweep.changed': ['sweeps.'],
  'load.started': ['load.'],
  'load.ended': ['load.'],
  'budget.reached': ['budgets.', 'alerts.'],
};

/** The composition root of the window. */
export const createServices = (dial: Dial, page: Window): Services => {
  const connection = createConnection(dial, { nowMs: () => Date.now(), after });
  const client = createClient(connection);
  const queries = createQueries(client);
  const live = createLiveFeed(client, connection, after);
  const router = createRouter(page);
  live.onEvent((event) => {
    for (const prefix of staleAfter[event.body.type] ?? []) queries.invalidate(prefix);
  });
  const notices = createNotices(after);
  live.onEvent(({ body }) => {
    if (body.type !== 'budget.reached') return;
    notices.alert(
      alertTitle(body.budget, body.percent),
      alertDetail(body.budget, body.percent, body.windowEndMs),
    );
  });
  let epoch = 0;
  connection.onChange(() => {
    const state = connection.state();
    if (state.type !== 'open' || state.epoch === epoch) return;
    // What was asked before the connection broke may be old; the first connection has nothing to renew.
    if (epoch > 0) queries.invalidate('');
    epoch = state.epoch;
  });
  return {
    client,
    connection,
    live,
    telemetry: createTelemetryFeed(client, connection, after),
    queries,
    notices,
    dialogs: createDialogs(),
    router,
  };
};
