import type { TokenLogprob } from '../../../engine/engine.ts';
import type { AnswerEnd, ReplyHead, StreamEncoder } from '../../generation/format.ts';
import { toChatLogprobs } from '../logprobs.ts';
import {
  itemId,
  toAssistantMessage,
  toCallItem,
  toMessageItem,
  toReasoningItem,
  toResponse,
  toTextPart,
  type ItemStatus,
  type KeepResponse,
  type OutputItem,
  type Progress,
} from './response-object.ts';
import type { ResponseRequest } from './response-schema.ts';

type Open =
  | { readonly kind: 'reasoning'; readonly id: string; text: string }
  | { readonly kind: 'message'; readonly id: string; text: string; readonly logprobs: TokenLogprob[] }
  | {
      readonly kind: 'call';
      readonly id: string;
      readonly callId: string;
      readonly name: string;
      text: string;
    };

const toItem = (open: Open, status: ItemStatus): OutputItem => {
  switch (open.kind) {
    case 'reasoning':
      return toReasoningItem(open.id, open.text, status);
    case 'message':
      return toMessageItem(open.id, [toTextPart(open.text, open.logprobs)], status);
    case 'call':
      return toCallItem(open.id, { id: open.callId, name: open.name, arguments: open.text }, status);
    default:
      return open satisfies never;
  }
};

/**
 * Events of the Responses API: created, in progress, then item after item added, grown and done, then completed. Every
 * event has the next `sequence_number`, which strict clients demand.
 */
export const createResponseEncoder = (
  head: ReplyHead,
  request: ResponseRequest,
  keep: KeepResponse,
): StreamEncoder => {
  const done: OutputItem[] = [];
  const answer = {
    content: '',
    reasoning: '',
    toolCalls: new Array<{ id: string; name: string; arguments: string }>(),
  };
  let open: Open | undefined;
  let sequence = 0;
  let end: AnswerEnd = { reason: 'stop' };

  const event = (type: string, fields: object): string => {
    const data = JSON.stringify({ type, sequence_number: sequence, ...fields });
    sequence += 1;
    return `event: ${type}\ndata: ${data}\n\n`;
  };
  const ofItem = (item: Open) => ({ item_id: item.id, output_index: done.length });
  const ofPart = (item: Open) => ({ ...ofItem(item), content_index: 0 });
  const snapshot = (progress: Progress) => ({ response: toResponse(head, request, done, progress) });

  const nextId = (kind: 'rs' | 'msg' | 'fc'): string =>
    itemId(kind, head, done.length + (open === undefined ? 0 : 1));
  const newPart = (
    kind: 'message' | 'reasoning',
  ): Extract<Open, { readonly kind: 'message' | 'reasoning' }> =>
    kind === 'message'
      ? { kind, id: nextId('msg'), text: '', logprobs: [] }
      : { kind, id: nextId('rs'), text: '' };
  const start = (item: Open): string => {
    const closed = close('completed');
    open = item;
    const empty =
      item.kind === 'message' ? toMessageItem(item.id, [], 'in_progress') : toItem(item, 'in_progress');
    const added = closed + event('response.output_item.added', { output_index: done.length, item: empty });
    if (item.kind === 'call') return added;
    const part = item.kind === 'message' ? toTextPart('', undefined) : { type: 'reasoning_text', text: '' };
    return added + event('response.content_part.added', { ...ofPart(item), part });
  };
  const endPart = (item: Open): string => {
    switch (item.kind) {
      case 'call':
        return event('response.function_call_arguments.done', {
          ...ofItem(item),
          name: item.name,
          arguments: item.text,
        });
      case 'message': {
        const part = toTextPart(item.text, item.logprobs);
        return (
          event('response.output_text.done', { ...ofPart(item), text: item.text, logprobs: part.logprobs }) +
          event('response.content_part.done', { ...ofPart(item), part })
        );
      }
      case 'reasoning':
        return (
          event('response.reasoning_text.done', { ...ofPart(item), text: item.text }) +
          event('response.content_part.done', {
            ...ofPart(item),
            part: { type: 'reasoning_text', text: item.text },
          })
        );
      default:
        return item satisfies never;
    }
  };
  const close = (status: ItemStatus): string => {
    if (open === undefined) return '';
    const ended = endPart(open);
    const item = toItem(open, status);
    const text = ended + event('response.output_item.done', { output_index: done.length, item });
    if (open.kind === 'call')
      answer.toolCalls.push({ id: open.callId, name: open.name, arguments: open.text });
    open = undefined;
    done.push(item);
    return text;
  };

  return {
    begin: () =>
      event('response.created', snapshot({ type: 'running' })) +
      event('response.in_progress', snapshot({ type: 'running' })),
    open: () => '',
    text: (_choice, channel, text, logprobs) => {
      const kind = channel === 'content' ? 'message' : 'reasoning';
      const known = open?.kind === kind ? open : undefined;
      const item = known ?? newPart(kind);
      const opening = known === undefined ? start(item) : '';
      item.text += text;
      answer[channel] += text;
      if (item.kind === 'reasoning')
        return opening + event('response.reasoning_text.delta', { ...ofPart(item), delta: text });
      item.logprobs.push(...(logprobs ?? []));
      return (
        opening +
        event('response.output_text.delta', {
          ...ofPart(item),
          delta: text,
          logprobs: logprobs === undefined ? [] : toChatLogprobs(logprobs).content,
        })
      );
    },
    toolCall: (_choice, { id, name }) =>
      start({
        kind: 'call',
        id: nextId('fc'),
        callId: id,
        name,
        text: '',
      }),
    toolArguments: (_choice, _call, piece) => {
      if (open?.kind !== 'call') return '';
      open.text += piece;
      return event('response.function_call_arguments.delta', { ...ofItem(open), delta: piece });
    },
    finish: (_choice, how) => {
      end = how;
      return close(how.reason === 'length' ? 'incomplete' : 'completed');
    },
    end: (report) => {
      keep(head.id, toAssistantMessage(answer));
      const type = end.reason === 'length' ? 'response.incomplete' : 'response.completed';
      return event(type, snapshot({ type: 'done', end, report }));
    },
  };
};
