// The recommended and the Relay rules of @graphql-eslint over the exported schema.
import graphql from '@graphql-eslint/eslint-plugin';

export default [
  {
    files: ['graph/schema.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: 'graph/schema.graphql' } },
    },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      // What a model owns is read newest first; nobody needs its oldest page, and a Query of the
      // partition reads one way.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // Short closed lists, such as a metric's evidence, are no pages. Connections have `nodes`
      // beside their edges, as GitHub's do.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          exceptions: {
            // What surrounds objects is none itself.
            suffixes: ['Connection', 'Edge', 'Payload'],
            types: [
              'PageInfo', // Relay's, without an id
              'Viewer', // whoever asks, known by `subject`
              // Values: parts of the object that they are read from, which has the id.
              'ArtifactUpload',
              'ArtifactVerification',
              'Evidence',
              'FieldChange',
              'HistoryVerification',
              'HttpHeader',
              'LicenseDecision',
              'Metric',
              'SizeScore',
              'UploadPart',
              'UserError',
            ],
          },
        },
      ],
    },
  },
];
