import type { PowerSaveBlocker } from 'electron';
import type { AppEvent } from '../../shared/events/events.ts';

/** Keeps the machine awake while a benchmark runs: a suspended run would measure the suspension. */
export const createPowerGuard = (blocker: PowerSaveBlocker) => {
  const running = new Set<string>();
  let token: number | undefined;
  const apply = (): void => {
    if (running.size > 0 && token === undefined) token = blocker.start('prevent-app-suspension');
    if (running.size === 0 && token !== undefined) {
      blocker.stop(token);
      token = undefined;
    }
  };
  return {
    onEvent: ({ body }: AppEvent): void => {
      if (body.type !== 'job.changed' || body.job.kind !== 'bench') return;
      if (body.job.state.type === 'running') running.add(body.job.id);
      else running.delete(body.job.id);
      apply();
    },
    [Symbol.dispose]: (): void => {
      running.clear();
      apply();
    },
  };
};
