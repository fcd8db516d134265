import { toAppError } from '../../../shared/errors/app-error.ts';
import { createParentLink } from '../../platform/node/parent-link.ts';
import { createNodeClock } from '../../platform/node/clock.ts';
import { toDriverSchema, type FromDriver, type WindowTask } from './messages.ts';
import { runWindow } from './run-window.ts';
import { createConnections } from './send-request.ts';

/**
 * Entry point of the driver child, which sends the load and stamps the answers. A process of its own, so that neither
 * the server nor the host can delay its stamps.
 */
const link = createParentLink();
const clock = createNodeClock();
const connections = createConnections();
const running = new Map<string, AbortController>();
const reply = (message: FromDriver): void => link.send(message);

const run = async (task: WindowTask): Promise<void> => {
  const stop = new AbortController();
  const { id } = task;
  running.set(id, stop);
  try {
    const end = await runWindow(task, {
      connections,
      clock,
      signal: stop.signal,
      onTick: (tick) => reply({ type: 'ticked', id, tick }),
      onSamples: (samples) => reply({ type: 'sampled', id, samples: [...samples] }),
    });
    reply({ type: 'done', id, end });
  } catch (error) {
    const { code, message } = toAppError(error);
    reply({ type: 'failed', id, error: { code, message } });
  } finally {
    running.delete(id);
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
