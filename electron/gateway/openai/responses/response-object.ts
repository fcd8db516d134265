import type { ChatMessage, TokenLogprob } from '../../../engine/engine.ts';
import type { Answer, AnswerEnd, ReplyHead } from '../../generation/format.ts';
import type { Report } from '../../generation/report.ts';
import { toChatLogprobs } from '../logprobs.ts';
import type { ResponseRequest } from './response-schema.ts';

/** Called once with the finished answer, to be gone on from. */
export type KeepResponse = (responseId: string, answer: ChatMessage) => void;

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export const toReasoningItem = (id: string, text: string, status: ItemStatus) => ({
  id,
  type: 'reasoning' as const,
  summary: [],
  content: text === '' ? [] : [{ type: 'reasoning_text' as const, text }],
  status,
});

export const toTextPart = (text: string, logprobs: readonly TokenLogprob[] | undefined) => ({
  type: 'output_text' as const,
  text,
  annotations: [],
  logprobs: logprobs === undefined ? [] : toChatLogprobs(logprobs).content,
});

export const toMessageItem = (
  id: string,
  content: readonly ReturnType<typeof toTextPart>[],
  status: ItemStatus,
) => ({ id, type: 'message' as const, role: 'assistant' as const, content, status });

export const toCallItem = (
  id: string,
  call: { readonly id: string; readonly name: string; readonly arguments: string },
  status: ItemStatus,
) => ({
  id,
  type: 'function_call' as const,
  call_id: call.id,
  name: call.name,
  arguments: call.arguments,
  status,
});

export type OutputItem =
  ReturnType<typeof toReasoningItem> | ReturnType<typeof toMessageItem> | ReturnType<typeof toCallItem>;

/** The id of the `at`-th item of a response. */
export const itemId = (kind: 'rs' | 'msg' | 'fc', head: ReplyHead, at: number): string =>
  `${kind}_${head.id.replace(/^resp_/u, '')}_${at}`;

/** All items of a whole answer: thoughts, text, calls. */
export const toOutput = (head: ReplyHead, answer: Answer): readonly OutputItem[] => {
  const status = answer.reason === 'length' ? 'incomplete' : 'completed';
  const items: OutputItem[] = [];
  if (answer.reasoning !== '')
    items.push(toReasoningItem(itemId('rs', head, items.length), answer.reasoning, status));
  if (answer.content !== '' || answer.toolCalls.length === 0) {
    const part = toTextPart(answer.content, answer.logprobs);
    items.push(toMessageItem(itemId('msg', head, items.length), [part], status));
  }
  for (const call of answer.toolCalls) items.push(toCallItem(itemId('fc', head, items.length), call, status));
  return items;
};

/** The answer as the next request's conversation has it. */
export const toAssistantMessage = (
  answer: Pick<Answer, 'content' | 'reasoning' | 'toolCalls'>,
): ChatMessage => ({
  role: 'assistant',
  content: answer.content,
  ...(answer.reasoning === '' ? {} : { reasoning: answer.reasoning }),
  ...(answer.toolCalls.length === 0 ? {} : { toolCalls: answer.toolCalls }),
});

/** How far a response is. */
export type Progress =
  { readonly type: 'running' } | { readonly type: 'done'; readonly end: AnswerEnd; readonly report: Report };

const toNumbers = (progress: Progress) => {
  if (progress.type === 'running') return { usage: null };
  const { usage, timings, stats } = progress.report;
  return {
    usage: {
      input_tokens: usage.promptTokens,
      input_tokens_details: { cached_tokens: usage.cachedTokens },
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
      total_tokens: usage.promptTokens + usage.outputTokens,
    },
    timings,
    stats,
  };
};

/** The response object; strict clients want every field of it in every event that has it. */
export const toResponse = (
  head: ReplyHead,
  request: ResponseRequest,
  output: readonly OutputItem[],
  progress: Progress,
) => {
  const isCut = progress.type === 'done' && progress.end.reason === 'length';
  return {
    id: head.id,
    object: 'response',
    created_at: head.createdSeconds,
    status: progress.type === 'running' ? 'in_progress' : isCut ? 'incomplete' : 'completed',
    background: false,
    error: null,
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    metadata: request.metadata ?? {},
    model: head.model,
    output,
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: null },
    service_tier: 'default',
    store: request.store,
    temperature: request.temperature ?? 1,
    text: { format: request.text?.format ?? { type: 'text' } },
    tool_choice: request.tool_choice ?? 'auto',
    tools: (request.tools ?? []).map((tool) => ({
      ...tool,
      parameters: tool.parameters ?? null,
      strict: tool.strict ?? false,
    })),
    top_logprobs: request.top_logprobs ?? 0,
    top_p: request.top_p ?? 1,
    truncation: 'disabled',
    user: request.user ?? null,
    system_fingerprint: head.fingerprint,
    ...toNumbers(progress),
  };
};
