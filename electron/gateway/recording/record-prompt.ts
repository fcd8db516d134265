import type { RecordedPrompt } from '../../../shared/contract/recording.ts';
import { toAppError } from '../../../shared/errors/app-error.ts';
import type { EngineReplica, Prompt } from '../../engine/engine.ts';
import { keep } from './recording-desk.ts';

const render = async (
  replica: EngineReplica,
  prompt: Prompt,
): Promise<{ readonly text: string; readonly tokens: number | null }> => {
  switch (prompt.type) {
    case 'chat':
      return replica.renderChat(prompt);
    case 'text':
      return { text: prompt.text, tokens: null };
    case 'tokens':
      return { text: await replica.detokenize(prompt.tokens), tokens: prompt.tokens.length };
    default:
      return prompt satisfies never;
  }
};

/** The prompt as the engine reads it. Never rejects: a request must not fail because it is looked at. */
export const renderRecorded = async (replica: EngineReplica, prompt: Prompt): Promise<RecordedPrompt> => {
  try {
    const { text, tokens } = await render(replica, prompt);
    return { type: 'rendered', ...keep(text), tokens };
  } catch (error) {
    return { type: 'failed', reason: toAppError(error).message };
  }
};
