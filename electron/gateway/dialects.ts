import { anthropicDialect } from './anthropic/dialect.ts';
import type { Dialect } from './dialect.ts';
import { ollamaDialect } from './ollama/dialect.ts';
import { openaiDialect } from './openai/dialect.ts';
import { publicRoutes, type DialectName } from './public-routes.ts';

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  openai: openaiDialect,
  anthropic: anthropicDialect,
  ollama: ollamaDialect,
};

/** The dialect a refusal at `path` is written in, which may be no address at all: OpenAI's unless another fits. */
export const dialectAt = (path: string): Dialect => {
  const route = publicRoutes.find((candidate) => path.startsWith(candidate.path.replace(/\*$/u, '')));
  return dialects[route?.dialect ?? (path.startsWith('/api/') ? 'ollama' : 'openai')];
};
