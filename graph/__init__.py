"""The API: GraphQL over HTTP, on a local server and on AWS Lambda, and the command line."""
