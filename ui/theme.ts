/** The look: petrol ink on warm paper, one coral accent for what needs a person. System fonts, no download. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#edf8f7',
  '#d7edeb',
  '#aedad7',
  '#81c7c3',
  '#5bb5b1',
  '#3fa6a2',
  '#27898a',
  '#176d70',
  '#12565a',
  '#0b4044',
]
const coral: MantineColorsTuple = [
  '#fff1ed',
  '#fde0d8',
  '#f7bfb0',
  '#f19c86',
  '#ec7e62',
  '#e86a4b',
  '#dc5836',
  '#bd4627',
  '#9c3a21',
  '#7a2c18',
]
const amber: MantineColorsTuple = [
  '#fff7e6',
  '#fdebc6',
  '#fad68e',
  '#f6bf53',
  '#f2ac26',
  '#e69c0f',
  '#c98203',
  '#a16606',
  '#80510b',
  '#63400c',
]
const moss: MantineColorsTuple = [
  '#f0f7ec',
  '#deecd6',
  '#bcd8ac',
  '#98c37f',
  '#7ab15a',
  '#67a644',
  '#528a34',
  '#437229',
  '#365b22',
  '#29461a',
]
const gray: MantineColorsTuple = [
  '#faf9f6',
  '#f3f1ec',
  '#e8e5de',
  '#d9d5cc',
  '#c2bdb2',
  '#a29c90',
  '#777167',
  '#5b564e',
  '#3f3b35',
  '#272420',
]
const dark: MantineColorsTuple = [
  '#dbe3e3',
  '#b6c3c4',
  '#93a3a5',
  '#6a7b7e',
  '#405053',
  '#2f3d40',
  '#223033',
  '#182528',
  '#121c1f',
  '#0c1416',
]

const fontFamily =
  "Inter, 'Segoe UI Variable Text', 'Segoe UI', -apple-system, Roboto, Cantarell, Ubuntu, 'Noto Sans', 'Helvetica Neue', 'Liberation Sans', system-ui, sans-serif"

export const theme = createTheme({
  colors: { petrol, coral, amber, moss, gray, dark },
  primaryColor: 'petrol',
  primaryShade: 7,
  autoContrast: true,
  luminanceThreshold: 0.2,
  black: '#1d2526',
  white: '#ffffff',
  fontFamily,
  fontFamilyMonospace: "ui-monospace, 'Cascadia Code', 'SF Mono', 'Noto Sans Mono', 'DejaVu Sans Mono', monospace",
  headings: {
    fontFamily,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.25rem', lineHeight: '1.3' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h4: { fontSize: '0.9375rem', lineHeight: '1.45' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '9px', lg: '14px', xl: '20px' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.375rem', xl: '2rem' },
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    Badge: {
      defaultProps: { radius: 'sm', variant: 'light' },
      styles: { root: { flexShrink: 0, maxWidth: '100%' }, label: { textTransform: 'none', fontWeight: 600, letterSpacing: 0 } },
    },
    Modal: { defaultProps: { radius: 'lg', centered: true, overlayProps: { backgroundOpacity: 0.4, blur: 2 } } },
    Paper: { defaultProps: { radius: 'lg' } },
  },
})

/** On a dark surface a tint of the colour reads better than its darkest shade. */
const darkTints = (): Record<string, string> =>
  Object.fromEntries(
    ['petrol', 'coral', 'amber', 'moss', 'gray'].flatMap((name) => [
      [`--mantine-color-${name}-light`, `color-mix(in srgb, var(--mantine-color-${name}-5) 20%, transparent)`],
      [`--mantine-color-${name}-light-hover`, `color-mix(in srgb, var(--mantine-color-${name}-5) 28%, transparent)`],
      [`--mantine-color-${name}-light-color`, `var(--mantine-color-${name}-${name === 'gray' ? 4 : 3})`],
    ]),
  )

/** Names for surfaces and lines, so that no page picks a shade by hand. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {
    '--g-rail': '#0f3a3e',
    '--g-rail-2': '#0b2e31',
    '--g-rail-ink': '#d9e9e7',
    '--g-rail-dim': '#8fb3b1',
    '--g-rail-on': '#1b5357',
  },
  light: {
    '--mantine-color-gray-light': '#e9e6df',
    '--mantine-color-gray-light-color': '#4b463f',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#68635a',
    '--g-canvas': '#f6f4ef',
    '--g-surface': '#ffffff',
    '--g-sunk': '#faf8f4',
    '--g-line': '#e6e2d9',
    '--g-line-strong': '#d3cec2',
    '--g-hover': '#f4f1ea',
    '--g-chosen': '#e6f2f0',
    '--g-note': '#fff8e8',
    '--g-note-line': '#f0ddb0',
    '--g-shadow': '0 1px 2px rgb(39 36 32 / 5%), 0 4px 16px rgb(39 36 32 / 4%)',
  },
  dark: {
    ...darkTints(),
    '--mantine-color-body': '#182528',
    '--mantine-color-dimmed': '#97a8aa',
    '--g-rail': '#0d1a1c',
    '--g-rail-2': '#0a1517',
    '--g-rail-on': '#1c3438',
    '--g-canvas': '#101b1d',
    '--g-surface': '#182528',
    '--g-sunk': '#142023',
    '--g-line': '#27363a',
    '--g-line-strong': '#3a4b4f',
    '--g-hover': '#1f2e32',
    '--g-chosen': '#173a3d',
    '--g-note': '#2c2818',
    '--g-note-line': '#4d4424',
    '--g-shadow': 'none',
  },
})
