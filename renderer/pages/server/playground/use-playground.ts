import { useEffect, useReducer, useRef } from 'react';
import { useServices } from '../../../services-context.ts';
import { toProblem } from '../../../transport/problem.ts';
import { messagesOf, reduceConversation, type Turn } from './conversation.ts';

export interface PlaygroundParameters {
  readonly systemPrompt: string;
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  readonly seed: number | undefined;
}

interface PlaygroundChat {
  readonly turns: readonly Turn[];
  readonly isStreaming: boolean;
  readonly ask: (content: string, parameters: PlaygroundParameters) => void;
  readonly stop: () => void;
  readonly clear: () => void;
}

/** A chat with the real server. Leaving the page or pressing stop ends the generation. */
export const usePlayground = (): PlaygroundChat => {
  const { client } = useServices();
  const [turns, dispatch] = useReducer(reduceConversation, []);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const last = turns.at(-1);

  const stream = async (content: string, parameters: PlaygroundParameters): Promise<void> => {
    const abort = new AbortController();
    running.current = abort;
    const { systemPrompt, temperature, topP, maxTokens, seed } = parameters;
    try {
      const events = await client.server.playground(
        {
          messages: messagesOf([...turns, { role: 'user', content }], systemPrompt),
          temperature,
          topP,
          maxTokens,
          ...(seed === undefined ? {} : { seed }),
        },
        { signal: abort.signal },
      );
      for await (const event of events) dispatch({ type: 'received', event });
    } catch (error) {
      if (abort.signal.aborted) dispatch({ type: 'stopped' });
      else dispatch({ type: 'failed', problem: toProblem(error) });
    }
  };

  return {
    turns,
    isStreaming: last?.role === 'assistant' && last.state.type === 'streaming',
    ask: (content, parameters) => {
      dispatch({ type: 'asked', content });
      void stream(content, parameters);
    },
    stop: () => running.current?.abort(),
    clear: () => {
      running.current?.abort();
      dispatch({ type: 'cleared' });
    },
  };
};
