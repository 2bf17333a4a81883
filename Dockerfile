FROM python:3.11-slim

WORKDIR /app
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1

# The requirements first: they change seldom, and their layers are large.
COPY requirements.txt requirements-train.txt constraints.txt ./
RUN pip install -c constraints.txt -r requirements.txt
RUN pip install -c constraints.txt -r requirements.txt -r requirements-train.txt

COPY . .

# What outlasts a visit (trained models, drawings, settings) goes to a volume, owned by a user without rights.
ENV DIGITS_HOME=/home/digits/playground
RUN useradd --create-home digits && mkdir -p "$DIGITS_HOME" && chown digits "$DIGITS_HOME"
USER digits
VOLUME ["/home/digits/playground"]

EXPOSE 8501
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=3)"]
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port", "8501"]
