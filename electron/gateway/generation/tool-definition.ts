import type { ToolDefinition } from '../../engine/engine.ts';

/** A tool of any dialect in the engine's form. */
export const toToolDefinition = (tool: {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly strict?: boolean | undefined;
}): ToolDefinition => ({
  name: tool.name,
  ...(tool.description === undefined ? {} : { description: tool.description }),
  ...(tool.parameters === undefined ? {} : { parameters: tool.parameters }),
  ...(tool.strict === true ? { isStrict: true } : {}),
});
