"""Chunks, embeddings, Chroma and keyword search: knows LangChain and Chroma, nothing about news."""
