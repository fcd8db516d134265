/** What a chat template can render, by the variables and tags in its text: nothing is executed. */
export const templateFeatures = (
  template: string | null,
): { readonly tools: boolean; readonly reasoning: boolean } => ({
  tools: template !== null && /\btools\b|tool_calls?\b/.test(template),
  reasoning:
    template !== null &&
    /<\/?think>|enable_thinking|reasoning_content|<\|channel\|>|\[THINK\]/.test(template),
});
