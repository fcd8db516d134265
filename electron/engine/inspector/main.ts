import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import { createParentLink } from '../../platform/node/parent-link.ts';
import { inspectorTaskSchema, type InspectorReply, type InspectorTask } from './protocol.ts';

/** Entry point of the inspector child: says `ready`, does one task, answers, and waits to be stopped. */
const link = createParentLink();
const reply = (message: InspectorReply): void => link.send(message);

/** Imports what the task needs: node-llama-cpp takes 0.5 s to load and quantization does without it. */
const perform = async (task: InspectorTask): Promise<unknown> => {
  switch (task.type) {
    case 'estimate': {
      const { estimate } = await import('./estimate.ts');
      return estimate(task);
    }
    case 'probe': {
      const { probe } = await import('./probe.ts');
      return probe();
    }
    case 'bandwidth': {
      const { measureBandwidth } = await import('./bandwidth.ts');
      return measureBandwidth(task);
    }
    case 'quantize': {
      const { quantize } = await import('./quantize.ts');
      return quantize(task, (progress) => reply({ type: 'progress', ...progress }));
    }
    case 'imatrix': {
      const { collectImatrix } = await import('./collect-imatrix.ts');
      return collectImatrix(task.task, (progress) => reply({ type: 'progress', ...progress }));
    }
    case 'score': {
      const { score } = await import('./score.ts');
      return score(task.task, (part) => reply({ type: 'part', part }));
    }
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
