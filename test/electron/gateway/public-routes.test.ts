import { expect, it } from 'vitest';
import { matchRoute } from '../../../electron/gateway/public-routes.ts';

const all = 'docs/server.md and docs/api.md list all addresses.';

it.each([
  ['/chat/completions', `Did you mean /v1/chat/completions? ${all}`],
  ['/v1/v1/messages', `Did you mean /v1/messages? ${all}`],
  ['/v1/embedding', `Did you mean /v1/embeddings? ${all}`],
  ['/api/generated', `Did you mean /api/generate? ${all}`],
  ['/v1/audio/speech', all],
  ['/', all],
])('of %s, which is none of its addresses, it says: %s', (path, hint) => {
  expect(() => matchRoute('POST', path)).toThrow(
    expect.objectContaining({ code: 'gateway.not-found', hint }),
  );
});
