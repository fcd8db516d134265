import { isMainThread } from 'node:worker_threads';
import { createNodeClock } from '../../platform/node/clock.ts';
import { createNodeFiles } from '../../platform/node/files.ts';
import { createParentLink } from '../../platform/node/parent-link.ts';
import { createNodeRandom } from '../../platform/node/random.ts';
import { isHostMessage } from '../protocol.ts';
import { serveTemplates } from './chat/template-worker.ts';

/**
 * Entry point of the engine child. As a thread of itself it renders chat templates, so that a build needs no second
 * entry file.
 */
const startEngine = async (): Promise<void> => {
  const link = createParentLink();
  const [{ createChild }, { loadModel }] = await Promise.all([
    import('./child.ts'),
    import('./llama/load-model.ts'),
  ]);
  const child = createChild({
    clock: createNodeClock(),
    random: createNodeRandom(),
    files: createNodeFiles(),
    send: (message) => link.send(message),
    entry: new URL(import.meta.url),
    load: loadModel,
  });
  link.onMessage((message) => {
    if (isHostMessage(message)) child.receive(message);
  });
};

if (isMainThread) await startEngine();
else serveTemplates();
