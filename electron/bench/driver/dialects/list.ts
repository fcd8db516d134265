import type { Dialect, DialectName } from './dialect.ts';
import { llamaServer } from './llama-server.ts';
import { ollama } from './ollama.ts';
import { openAiChat, openAiCompletion } from './openai.ts';
import { tgi } from './tgi.ts';
import { triton } from './triton.ts';

/** Every kind of server the driver can speak to. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  'openai-chat': openAiChat,
  'openai-completion': openAiCompletion,
  tgi,
  triton,
  'llama-server': llamaServer,
  ollama,
};
