import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import { estimate } from './estimate.ts';
import { createParentLink } from '../../platform/node/parent-link.ts';
import { probe } from './probe.ts';
import { inspectorTaskSchema, type InspectorReply, type InspectorTask } from './protocol.ts';
import { quantize } from './quantize.ts';

/** Entry point of the inspector child: says `ready`, does one task, answers, and waits to be stopped. */
const link = createParentLink();
const reply = (message: InspectorReply): void => link.send(message);

const perform = (task: InspectorTask): Promise<unknown> => {
  switch (task.type) {
    case 'estimate':
      return estimate(task);
    case 'probe':
      return probe();
    case 'quantize':
      return quantize(task, (progress) => reply({ type: 'progress', ...progress }));
    default:
      throw new AppError('app.internal', `Unknown task: ${JSON.stringify(task satisfies never)}`);
  }
};

link.onMessage((message) => {
  const run = async () => {
    try {
      reply({ type: 'done', result: await perform(inspectorTaskSchema.parse(message)) });
    } catch (error) {
      const { code, message: text, hint, details } = toAppError(error);
      reply({
        type: 'failed',
        error: { code, message: text, ...(hint && { hint }), ...(details && { details }) },
      });
    }
  };
  void run();
});
reply({ type: 'ready' });
