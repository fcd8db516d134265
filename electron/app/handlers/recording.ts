import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';

export const recordingHandlers = ({ recording }: Implementer, { access: { recordings } }: Features) => ({
  status: recording.status.handler(() => recordings.status()),
  turn: recording.turn.handler(({ input, context }) => recordings.turn(context.actor, input.isOn)),
  get: recording.get.handler(({ input }) => recordings.get(input.requestId)),
});
