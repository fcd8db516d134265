import type { ChoicePlan, GenerationCall } from '../call.ts';

/** Shorter answers than this help nobody, whatever was learned. */
const LEAST_TOKENS = 64;

/** Half a JSON document and half a tool call are worth nothing: what must have a form keeps its length. */
const hasForm = ({ request: { grammar, prompt } }: ChoicePlan): boolean =>
  grammar !== undefined || (prompt.type === 'chat' && (prompt.tools ?? []).length > 0);

/**
 * The call with answers no longer than nine of ten are, 64 tokens at least; the same call where none would be longer.
 * @param p90 tokens that nine of ten answers of the model did not pass
 */
export const clampOutput = (call: GenerationCall, p90: number): GenerationCall => {
  const most = Math.max(LEAST_TOKENS, p90);
  const isLonger = (plan: ChoicePlan): boolean =>
    !hasForm(plan) && (plan.request.maxTokens === null || plan.request.maxTokens > most);
  if (!call.choices.some(isLonger)) return call;
  return {
    ...call,
    choices: call.choices.map((plan) =>
      isLonger(plan) ? { ...plan, request: { ...plan.request, maxTokens: most } } : plan,
    ),
    warnings: [...(call.warnings ?? []), `max_tokens was lowered to ${most}: the server is saturated.`],
  };
};
