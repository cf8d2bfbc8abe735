// What our own JavaScript must keep to. Used from the root, for every script we wrote: `make lint`.
import js from '@eslint/js'
import globals from 'globals'

export default [
  { ignores: ['**/node_modules/', '**/dist/', '**/results/', '**/target/'] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: 'module', globals: { ...globals.browser, ...globals.node } },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
]
