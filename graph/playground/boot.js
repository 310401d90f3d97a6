"use strict";

// GraphiQL's dialogs lock scrolling through a <style> element that they insert. The page's policy
// refuses unsigned styles, and this build offers no way to pass it a nonce: so sign them here.
const { nonce } = document.querySelector("link[nonce]");
const createElement = document.createElement.bind(document);
document.createElement = (name, options) => {
  const element = createElement(name, options);
  if (element instanceof HTMLStyleElement) {
    element.nonce = nonce;
  }
  return element;
};

const fetcher = GraphiQL.createFetcher({
  // This very page, under whatever prefix a gateway or proxy has put it.
  url: location.pathname,
  enableIncrementalDelivery: false,
  // With this type a failed operation is still HTTP 200, and its errors show as the response.
  headers: { accept: "application/json" },
});

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(
    GraphiQL,
    {
      fetcher,
      defaultQuery: document.getElementById("opening").content.textContent,
      plugins: [GraphiQLPluginExplorer.explorerPlugin()],
      isHeadersEditorEnabled: true,
      // Headers hold credentials: they last as long as the page does.
      shouldPersistHeaders: false,
    },
    React.createElement(GraphiQL.Logo, null, "ml-model-evaluator"),
  ),
);
