import { toAppError } from '../../../shared/errors/app-error.ts';
import { createParentLink } from '../../platform/node/parent-link.ts';
import { createNodeClock } from '../../platform/node/clock.ts';
import { toDriverSchema, type FromDriver, type WindowTask } from './messages.ts';
import { runWindow } from './run-window.ts';
import { createConnections } from './send-request.ts';

/**
 * Entry point of the driver child, which sends the load of API tests and stamps the answers. A process of its own, so
 * that neither the server nor the host can delay its stamps.
 */
const link = createParentLink();
const clock = createNodeClock();
const connections = createConnections();
const running = new Map<string, AbortController>();
const reply = (message: FromDriver): void => link.send(message);

const run = async (task: WindowTask): Promise<void> => {
  const stop = new AbortController();
  running.set(task.id, stop);
  try {
    const result = await runWindow(task, {
      connections,
      clock,
      signal: stop.signal,
      onTick: (tick) => reply({ type: 'ticked', id: task.id, tick }),
    });
    reply({ type: 'done', id: task.id, result });
  } catch (error) {
    const { code, message } = toAppError(error);
    reply({ type: 'failed', id: task.id, error: { code, message } });
  } finally {
    running.delete(task.id);
  }
};

link.onMessage((raw) => {
  const message = toDriverSchema.parse(raw);
  switch (message.type) {
    case 'run':
      void run(message.task);
      break;
    case 'abort':
      running.get(message.id)?.abort();
      break;
    default:
      message satisfies never;
  }
});
