import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: cobalt, from paper to ink. Index 6 is the filled button in light, 3 the text in dark. */
const cobalt: MantineColorsTuple = [
  '#eef3ff',
  '#dbe5ff',
  '#b4c8ff',
  '#82a8ff',
  '#5988f7',
  '#3569ea',
  '#1d4fd7',
  '#1843b8',
  '#143898',
  '#102c78',
];

/** Neutral with a cool cast; Mantine takes its dark surfaces from here. */
const dark: MantineColorsTuple = [
  '#e9ecf1',
  '#c4cad4',
  '#9aa4b3',
  '#6c7686',
  '#3a414d',
  '#282d37',
  '#1e222a',
  '#15181e',
  '#0f1115',
  '#0a0c0f',
];

const dialogStyles = {
  content: { background: 'var(--dyno-panel)' },
  header: { background: 'var(--dyno-panel)' },
  title: { fontWeight: 600, fontSize: '1rem', overflowWrap: 'anywhere' },
} as const;

const quick = { duration: 120 } as const;

/** Hairlines instead of shadows, 4-px steps, motion under 150 ms. */
export const theme = createTheme({
  primaryColor: 'cobalt',
  primaryShade: { light: 6, dark: 6 },
  colors: { cobalt, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '0.125rem', sm: '0.25rem', md: '0.375rem', lg: '0.5rem', xl: '0.75rem' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  shadows: { xs: 'none', sm: 'none', md: 'none', lg: 'none', xl: 'none' },
  headings: { fontWeight: '600' },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Modal: {
      defaultProps: { transitionProps: quick, closeButtonProps: { 'aria-label': 'Close' } },
      styles: dialogStyles,
    },
    Drawer: {
      defaultProps: { transitionProps: quick, closeButtonProps: { 'aria-label': 'Close' } },
      styles: dialogStyles,
    },
    // Their <header> would be a second banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    Popover: { defaultProps: { transitionProps: quick } },
    Menu: { defaultProps: { transitionProps: quick } },
    Tooltip: {
      defaultProps: {
        transitionProps: quick,
        multiline: true,
        maw: 360,
        events: { hover: true, focus: true, touch: true },
      },
    },
    Select: { defaultProps: { allowDeselect: false } },
    // Its own ground is that of the page in the dark.
    SegmentedControl: { styles: { root: { background: 'var(--dyno-raised)' } } },
    // What is typed stands behind the last pill: by default it would take a line of its own beside a long name.
    MultiSelect: { styles: { inputField: { minWidth: '1.5rem' } } },
  },
});
