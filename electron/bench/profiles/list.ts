import { AppError } from '../../../shared/errors/app-error.ts';
import { closedLoop } from './closed-loop.ts';
import type { LoadProfile } from './profile.ts';
import { singleStream } from './single-stream.ts';

/** Every load shape Dyno knows. A new one is a file and a line here. */
const profiles: readonly LoadProfile[] = [singleStream, closedLoop];

/** @throws AppError `app.bad-input` for a name no profile has. */
export const profileNamed = (name: string): LoadProfile => {
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  throw new AppError('app.bad-input', `No load profile is called ${name}.`, {
    hint: `Choose one of ${profiles.map((known) => known.name).join(', ')}.`,
  });
};
