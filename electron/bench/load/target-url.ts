import type { LoadDialect } from '../../../shared/contract/load.ts';

const openAiDialects: ReadonlySet<LoadDialect> = new Set(['auto', 'openai-chat', 'openai-completion']);

export const isOpenAiDialect = (dialect: LoadDialect): boolean => openAiDialects.has(dialect);

/**
 * The base address behind what people paste: without a route at its end, and with `/v1` where an OpenAI-compatible server
 * is meant and no path is given.
 */
export const baseUrlOf = (url: string, dialect: LoadDialect): string => {
  const parsed = new URL(url);
  const path = parsed.pathname
    .replace(/\/+$/, '')
    .replace(/\/(chat\/completions|completions|completion|generate_stream|api\/chat)$/, '');
  const base = path === '' && isOpenAiDialect(dialect) ? '/v1' : path;
  return `${parsed.origin}${base}`;
};
