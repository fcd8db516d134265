import { AppError } from '../../../shared/errors/app-error.ts';
import { closedLoop } from './closed-loop.ts';
import { contextLadder } from './context-ladder.ts';
import { findLimit } from './find-limit.ts';
import { multiTurn } from './multi-turn.ts';
import { openLoop } from './open-loop.ts';
import type { LoadProfile } from './profile.ts';
import { ramp } from './ramp.ts';
import { sharedPrefix } from './shared-prefix.ts';
import { singleStream } from './single-stream.ts';
import { sloSearch } from './slo-search.ts';
import { stepSweep } from './step-sweep.ts';
import { sustained } from './sustained.ts';
import { traceReplay } from './trace-replay.ts';

/** Every load shape Dyno knows. A new one is a file and a line here. */
export const profiles: readonly LoadProfile[] = [
  singleStream,
  closedLoop,
  openLoop,
  ramp,
  stepSweep,
  findLimit,
  sloSearch,
  traceReplay,
  multiTurn,
  sharedPrefix,
  contextLadder,
  sustained,
];

/** @throws AppError `app.bad-input` for a name no profile has. */
export const profileNamed = (name: string): LoadProfile => {
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  throw new AppError('app.bad-input', `No load profile is called ${name}.`, {
    hint: `Choose one of ${profiles.map((known) => known.name).join(', ')}.`,
  });
};
