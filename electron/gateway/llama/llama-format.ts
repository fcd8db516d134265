import type { AnswerEnd, GenerationFormat, ReplyHead } from '../generation/format.ts';
import type { Report } from '../generation/report.ts';
import { toOpenAiUsage } from '../openai/usage.ts';

const toEnd = (head: ReplyHead, { reason, stopText }: AnswerEnd, report: Report) => ({
  model: head.model,
  stop: true,
  stop_type: reason === 'length' ? 'limit' : stopText === undefined ? 'eos' : 'word',
  stopping_word: stopText ?? '',
  tokens_predicted: report.usage.outputTokens,
  tokens_evaluated: report.usage.promptTokens,
  tokens_cached: report.usage.cachedTokens,
  usage: toOpenAiUsage(report.usage),
  timings: report.timings,
  stats: report.stats,
});

/** llama.cpp's own completion reply: text in `content`, and no `[DONE]` at the end of a stream. */
export const llamaFormat: GenerationFormat = {
  idPrefix: 'llama-',
  whole: (head, [answer], report) => ({
    index: 0,
    content: answer?.content ?? '',
    ...toEnd(head, answer ?? { reason: 'stop' }, report),
  }),
  encoder: (head) => {
    const event = (fields: object): string => `data: ${JSON.stringify({ index: 0, ...fields })}\n\n`;
    return {
      begin: () => '',
      open: () => '',
      text: (_choice, _channel, text) => event({ content: text, stop: false }),
      toolCall: () => '',
      toolArguments: () => '',
      finish: (_choice, end, report) =>
        report === undefined ? '' : event({ content: '', ...toEnd(head, end, report) }),
      end: () => '',
    };
  },
};
