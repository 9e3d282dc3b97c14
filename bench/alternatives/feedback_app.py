"""The usual beginning of a data flywheel: FastAPI takes interactions, SQLAlchemy stores them.

SQLite is behind it, in the settings that make an answer as durable as Flywheel's: WAL, and
synchronous=FULL. One worker, as SQLite has one writer. FEEDBACK_DATABASE is the file.

    uvicorn --app-dir bench/alternatives feedback_app:app
"""

import datetime
import os

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import JSON, Column, DateTime, Integer, String, Text, create_engine, event
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

# SQLAlchemy before 2.0 opens a connection for every session of a file of SQLite unless it is told
# to keep them.
engine = create_engine(
    f"sqlite:///{os.environ['FEEDBACK_DATABASE']}",
    connect_args={"check_same_thread": False},
    poolclass=QueuePool,
)
Session = sessionmaker(bind=engine)
Base = declarative_base()


@event.listens_for(engine, "connect")
def make_durable(connection, _):
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


class Feedback(Base):
    """One stored interaction, with what the user thought of it."""

    __tablename__ = "feedback"

    id = Column(Integer, primary_key=True)
    request_id = Column(String, unique=True, nullable=False)
    signal_type = Column(String, index=True, nullable=False)
    user_query = Column(Text, nullable=False)
    ai_response = Column(Text, nullable=False)
    user_correction = Column(Text)
    details = Column(JSON, nullable=False)
    received = Column(DateTime, nullable=False)


Base.metadata.create_all(engine)
app = FastAPI()


class FeedbackRequest(BaseModel):
    request_id: str
    signal_type: str
    user_query: str
    ai_response: str
    user_correction: str | None = None
    metadata: dict = {}


@app.post("/v1/feedback")
async def collect(request: FeedbackRequest):
    with Session() as session:
        session.add(
            Feedback(
                request_id=request.request_id,
                signal_type=request.signal_type,
                user_query=request.user_query,
                ai_response=request.ai_response,
                user_correction=request.user_correction,
                details=request.metadata,
                received=datetime.datetime.now(datetime.timezone.utc),
            )
        )
        session.commit()
    return {"status": "recorded", "request_id": request.request_id}
