import { errorRow } from '../../../shared/errors/table.ts';
import type { Dialect } from '../dialect.ts';
import { toldFacts, toldMessage } from '../error-head.ts';
import { toldError } from '../told-error.ts';

export const ollamaDialect: Dialect = {
  /** Ollama knows the text only; the code is ours. */
  errorBody: (error) => {
    const said = toldError(error);
    return { error: toldMessage(said), code: errorRow(said.code).openai.code, ...toldFacts(said) };
  },
  stream: {
    contentType: 'application/x-ndjson',
    // A line that is no JSON object ends Ollama's clients with an error.
    heartbeat: undefined,
    error: (body) => `${JSON.stringify(body)}\n`,
  },
};
